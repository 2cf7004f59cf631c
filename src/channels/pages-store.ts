import { readFile } from 'node:fs/promises'
import { posix } from 'node:path'
import { digestOf } from '../digest.ts'
import { downloadFile } from '../download.ts'
import { ReleaseError } from '../errors.ts'
import type { GitHub } from '../github/client.ts'
import type { ReadFile } from '../github/commit.ts'
import type { Log } from '../log.ts'
import type { Package } from '../model.ts'
import { chartOf } from '../oci/manifest.ts'
import type { OciClient } from '../oci/client.ts'
import { referenceOf, repositoryOf } from '../oci/reference.ts'
import type { RegistryTarget } from '../settings/registry.ts'
import { ociTag } from '../version.ts'

/** What this needs of a registry's client. */
export type StoreReader = Pick<OciClient, 'getManifest' | 'getBlob'>

/** Where the packages are that an index lists. */
export interface PackageStore {
  /** What the entry says: an address, or a path beside the index. */
  urlOf(made: Package): string
  /** What goes into the commit with the entry, by path on the branch. */
  filesOf(
    made: Package,
    read: ReadFile,
  ): Promise<ReadonlyMap<string, Uint8Array>>
  /**
   * Throws `PAGES_FAILED` when what is to be listed could not be downloaded or
   * has other bytes (P3).
   */
  prove(made: Package): Promise<void>
  /** The archive at an `oci://…` address; `null`: it cannot be had. */
  pull(reference: string): Promise<Uint8Array | null>
}

/** The assets of the tags' releases. */
export function storeOnReleases(facts: {
  readonly github: GitHub
  readonly urlOf: (made: Package) => string
  readonly registry: StoreReader
  readonly log: Log
}): PackageStore {
  const { github, urlOf, log } = facts
  return {
    urlOf,
    filesOf: async () => new Map(),
    pull: async (reference) => await pullFrom(facts.registry, reference),
    prove: async (made) => {
      const url = urlOf(made)
      const bytes = await downloadFile(github, {
        url,
        // GitHub may take a moment to serve what was just published.
        retryStatuses: [404],
        fail: (words, cause) =>
          new ReleaseError(
            'PAGES_FAILED',
            `${url} cannot be downloaded, so the index does not list it: ${words}. Run again; if it stays so, check who may read the release.`,
            { cause },
          ),
      })
      if (digestOf(bytes) !== made.digest)
        throw new ReleaseError(
          'PAGES_FAILED',
          `${url} serves ${digestOf(bytes)}, published was ${made.digest}, so the index does not list it. Somebody else changed the release: run again.`,
        )
      log.debug(`${url} serves ${made.digest}`)
    },
  }
}

/** Files beside the index: they come with the very commit that lists them. */
export function storeOnBranch(facts: {
  /** Of `index.yaml`; `.` for the root. */
  readonly directory: string
  readonly registry: StoreReader
}): PackageStore {
  return {
    urlOf: ({ fileName }) => encodeURIComponent(fileName),
    prove: async () => {},
    pull: async (reference) => await pullFrom(facts.registry, reference),
    filesOf: async (made, read) => {
      const files = new Map<string, Uint8Array>()
      for (const [name, file] of [
        [made.fileName, made.path],
        [`${made.fileName}.prov`, made.provenance],
      ] as const) {
        if (file === null) continue
        const path = posix.join(facts.directory, name)
        const bytes = await readFile(file)
        const there = await read(path)
        if (there !== null && Buffer.compare(there, bytes) !== 0)
          throw new ReleaseError(
            'PAGES_FAILED',
            `${path} is on the branch already with other bytes (${digestOf(there)}, to be published is ${digestOf(bytes)}), though the index does not list it. A published file never changes: remove it there, or raise the chart's version.`,
          )
        if (there === null) files.set(path, bytes)
      }
      return files
    },
  }
}

/** The manifests of a registry that this run publishes to. */
export function storeInRegistry(facts: {
  readonly target: RegistryTarget
  readonly registry: StoreReader
}): PackageStore {
  const { target, registry } = facts
  const urlOf = ({ name, version }: Package): string =>
    `oci://${referenceOf(repositoryOf(target, name), ociTag(version))}`
  return {
    urlOf,
    filesOf: async () => new Map(),
    pull: async (reference) => await pullFrom(registry, reference),
    prove: async (made) => {
      const url = urlOf(made)
      const at = repositoryOf(target, made.name)
      const manifest = await registry.getManifest(at, ociTag(made.version))
      const chart = manifest === undefined ? null : chartOf(manifest)
      if (chart?.chart.digest === made.digest) return
      throw new ReleaseError(
        'PAGES_FAILED',
        `${url} ${chart === null ? 'holds no chart' : `holds ${chart.chart.digest}, published was ${made.digest}`}, so the index does not list it. Run again.`,
      )
    },
  }
}

/** https://helm.sh/docs/topics/registries/: the host, the path and the tag. */
async function pullFrom(
  registry: StoreReader,
  reference: string,
): Promise<Uint8Array | null> {
  const found = /^oci:\/\/([^/]+)\/(.+):([\w.+-]+)$/.exec(reference)
  const [, host = '', path = '', tag = ''] = found ?? []
  if (found === null) return null
  const at = repositoryOf({ host, path: '' }, path)
  const manifest = await registry.getManifest(at, ociTag(tag))
  const chart = manifest === undefined ? null : chartOf(manifest)
  return chart === null ? null : await registry.getBlob(at, chart.chart)
}
