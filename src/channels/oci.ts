import type { RepositoryFile } from '../artifacthub/repository-file.ts'
import { sentenceOf } from '../errors.ts'
import type { Log } from '../log.ts'
import type { Publication } from '../model.ts'
import { type Aliases, checkAliasesFree, readAliases } from '../oci/aliases.ts'
import {
  ARTIFACTHUB_TAG,
  lookAtArtifact,
  putArtifact,
} from '../oci/artifacthub.ts'
import type { OciClient } from '../oci/client.ts'
import {
  look,
  lookAgain,
  type Place,
  type Published,
} from '../oci/published.ts'
import { checkStill, type HelmPush, publishVersion } from '../oci/push.ts'
import { referenceOf, repositoryOf } from '../oci/reference.ts'
import type { Retry } from '../retry.ts'
import type { RegistryTarget } from '../settings/registry.ts'
import { ociTag } from '../version.ts'
import type { Channel, ChartVersion, Shipment } from './channel.ts'

import { type OciVerificationOptions, verifyOci } from './oci-verification.ts'

export type { HelmPush } from '../oci/push.ts'

export interface OciChannelOptions {
  readonly target: RegistryTarget
  readonly client: OciClient
  readonly helm: HelmPush
  /** Templates of extra tags: `v{version}`, `{major}.{minor}`, `latest`. */
  readonly aliases: readonly string[]
  /** ArtifactHub's file about a chart's own repository, if there is one. */
  readonly repositoryFileOf?: (chart: string) => RepositoryFile | undefined
  readonly verification: OciVerificationOptions
  readonly retry: Retry
  readonly log: Log
}

/** An OCI registry as a channel. */
export function createOciChannel(
  options: OciChannelOptions,
): Channel & Required<Pick<Channel, 'probe'>> {
  const { target, client } = options
  const placeOf = ({ name, version }: ChartVersion): Place => ({
    at: repositoryOf(target, name),
    version,
    tag: ociTag(version),
  })
  return {
    kind: 'oci',
    name: `oci://${repositoryUnder(target)}`,
    required: !target.optional,

    locate: async (wanted) => {
      const place = placeOf(wanted)
      const found = await look(client, place)
      if (found === undefined) {
        await checkAliasesFree({
          client,
          at: place.at,
          templates: options.aliases,
          version: place.version,
        })
        return { state: 'absent' }
      }
      const aliases = await aliasesOf(options, place, found)
      return {
        state: 'found',
        publications: [publicationOf(place, found, aliases.pointing)],
        lacks: [
          ...aliases.lacking.map((tag) => `alias ${tag}`),
          ...(await lacksFile(options, place, wanted.name)),
        ],
      }
    },

    download: async (wanted, publication) => {
      const place = placeOf(wanted)
      const { chart } = await lookAgain(client, place, publication)
      return {
        archive: await client.getBlob(place.at, chart.chart),
        provenance:
          chart.provenance === null
            ? null
            : await client.getBlob(place.at, chart.provenance),
      }
    },

    // What is published already needs no right to push: a missing alias that
    // the registry refuses is only a warning.
    probe: async (shipments) => {
      for (const shipment of shipments) {
        const place = placeOf(shipment.package)
        if ((await look(client, place)) === undefined)
          await client.provePush(place.at)
      }
    },

    publish: async (shipments) => {
      const publications: Publication[] = []
      for (const shipment of shipments)
        publications.push(
          await ship(options, placeOf(shipment.package), shipment),
        )
      return publications
    },

    verify: async (publication, expected) =>
      await verifyOci(options.verification, {
        place: placeOf(expected),
        publication,
        expected,
      }),
  }
}

async function ship(
  options: OciChannelOptions,
  place: Place,
  shipment: Shipment,
): Promise<Publication> {
  const { client } = options
  // ArtifactHub looks again only when versions change: it must be there first.
  await shipFile(options, place, shipment.package.name)
  const published =
    shipment.found === undefined
      ? await publishVersion(
          { ...options, repository: repositoryUnder(options.target) },
          place,
          shipment.package,
        )
      : await lookAgain(client, place, shipment.found)
  const aliases = await aliasesOf(options, place, published)
  const pointing = [...aliases.pointing]
  for (const tag of aliases.lacking)
    try {
      await client.putManifest(place.at, tag, published.manifest)
      pointing.push(tag)
    } catch (thrown) {
      options.log.warning(
        `The alias ${referenceOf(place.at, tag)} was not set: ${sentenceOf(thrown)} Re-run this job: it adds what is missing; or take that alias out of registry-aliases.`,
      )
    }
  if (shipment.found === undefined) await checkStill(client, place, published)
  return publicationOf(place, published, pointing)
}

async function lacksFile(
  { client, repositoryFileOf, log }: OciChannelOptions,
  place: Place,
  chart: string,
): Promise<readonly string[]> {
  const file = repositoryFileOf?.(chart)
  if (file === undefined) return []
  const found = await lookAtArtifact(client, place, file)
  if (found.state === 'foreign') log.warning(found.words)
  return found.state === 'lacking' ? [file.name] : []
}

/** A registry that refuses it has the chart all the same. */
async function shipFile(
  options: OciChannelOptions,
  place: Place,
  chart: string,
): Promise<void> {
  const { client, repositoryFileOf, log } = options
  const file = repositoryFileOf?.(chart)
  if (file === undefined) return
  const where = referenceOf(place.at, ARTIFACTHUB_TAG)
  try {
    if ((await lacksFile(options, place, chart)).length === 0) return
    await putArtifact(client, place.at, file)
    log.info(`${where} now holds ${file.name}`)
  } catch (thrown) {
    log.warning(
      `${file.name} was not put to ${where}: ${sentenceOf(thrown)} Re-run this job: it adds it.`,
    )
  }
}

async function aliasesOf(
  { client, aliases, log }: OciChannelOptions,
  place: Place,
  { manifest }: Published,
): Promise<Aliases> {
  const found = await readAliases({
    client,
    at: place.at,
    templates: aliases,
    version: place.version,
    digest: manifest.digest,
  })
  for (const tag of found.foreign)
    log.warning(
      `The alias ${referenceOf(place.at, tag)} holds something that is no Helm chart, and stays as it is. Take that alias out of registry-aliases, or delete that tag in the registry.`,
    )
  return found
}

function publicationOf(
  { at, tag }: Place,
  { manifest, chart }: Published,
  aliases: readonly string[],
): Publication {
  return {
    channel: 'oci',
    target: `oci://${referenceOf(at)}`,
    reference: referenceOf(at, tag),
    digest: manifest.digest,
    packageDigest: chart.chart.digest,
    hasProvenance: chart.provenance !== null,
    aliases,
  }
}

function repositoryUnder({ host, path }: RegistryTarget): string {
  return path === '' ? host : `${host}/${path}`
}
