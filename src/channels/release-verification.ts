import { digestOf } from '../digest.ts'
import type { GitHub } from '../github/client.ts'
import type { Publication, Verification } from '../model.ts'
import type { Download, Expected } from './channel.ts'
import { type Fetched, fetchAsStranger } from './stranger-fetch.ts'

export interface ReleaseVerificationOptions {
  readonly github: GitHub
  /** With the token, through the API. */
  readonly download: () => Promise<Download>
}

/** Can a stranger download the asset, and the `.prov` beside it? */
export async function verifyRelease(
  options: ReleaseVerificationOptions,
  { reference, target }: Publication,
  expected: Expected,
): Promise<Verification> {
  const { github } = options
  const fetched = await fetchAsset(github, reference)
  switch (fetched.state) {
    case 'served': {
      const digest = digestOf(fetched.bytes)
      if (digest !== expected.digest)
        return differs(reference, digest, expected)
      return expected.hasProvenance
        ? await verifyProvenance(github, `${reference}.prov`, target)
        : { verified: 'installable' }
    }
    case 'trouble':
      return {
        verified: 'pending',
        reason: `${reference} could not be downloaded: ${fetched.words}.`,
        remedy:
          'That says nothing of the release. Re-run this job later: it will only verify.',
      }
    case 'page':
    case 'refused': {
      const { visibility } = await github.readRepository()
      if (visibility !== 'public' || fetched.state === 'page')
        return await verifyWithToken(options, expected, {
          reference,
          why:
            visibility === 'public'
              ? 'this server asks everybody to sign in'
              : `this repository is ${visibility}`,
        })
      return {
        verified: 'broken',
        reason: `A stranger cannot download the asset: ${fetched.words}.`,
        remedy: `Open ${target} and look whether the release is published and has the asset ${decodeURIComponent(reference.slice(reference.lastIndexOf('/') + 1))}; then re-run this job, which adds what is missing.`,
      }
    }
  }
}

/** What strangers may not see is held against the token's view of it. */
async function verifyWithToken(
  { download }: ReleaseVerificationOptions,
  expected: Expected,
  facts: { readonly reference: string; readonly why: string },
): Promise<Verification> {
  const { archive, provenance } = await download()
  const digest = digestOf(archive)
  if (digest !== expected.digest)
    return differs(facts.reference, digest, expected)
  if (expected.hasProvenance && provenance === null)
    return {
      verified: 'broken',
      reason: `The package is signed, and ${facts.reference}.prov is not on the release.`,
      remedy: 'Re-run this job: it adds the file.',
    }
  return {
    verified: 'installable',
    access: 'credentials',
    detail: `downloaded with the token, because ${facts.why}: strangers cannot`,
  }
}

async function verifyProvenance(
  github: GitHub,
  url: string,
  target: string,
): Promise<Verification> {
  const fetched = await fetchAsset(github, url)
  if (fetched.state === 'served') return { verified: 'installable' }
  if (fetched.state === 'trouble')
    return {
      verified: 'pending',
      reason: `${url} could not be downloaded: ${fetched.words}.`,
      remedy: 'Re-run this job later: it will only verify.',
    }
  return {
    verified: 'broken',
    reason: `The package is signed, and a stranger cannot download ${url}.`,
    remedy: `Re-run this job: it adds the file to ${target}.`,
  }
}

/** GitHub may take a moment to serve what was just published. */
async function fetchAsset(github: GitHub, url: string): Promise<Fetched> {
  return await fetchAsStranger(github, { url, retryStatuses: [404] })
}

function differs(
  reference: string,
  digest: string,
  expected: Expected,
): Verification {
  return {
    verified: 'broken',
    reason: `${reference} serves another archive than was published: its digest is ${digest}, expected was ${expected.digest}.`,
    remedy:
      "Somebody, or something in between, replaced it. Delete the asset and re-run this job, which adds the right one, or raise the chart's version.",
  }
}
