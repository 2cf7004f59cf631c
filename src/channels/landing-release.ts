import { readFile } from 'node:fs/promises'
import { messageOf } from '../errors.ts'
import type { Log } from '../log.ts'
import type { Package } from '../model.ts'
import { readArchive } from '../package/archive.ts'
import { planDoors } from '../release-notes/doors.ts'
import type { RegistryTarget } from '../settings/registry.ts'
import { LONGEST_README } from '../site/readme.ts'
import type { Released } from '../site/memory.ts'

export interface LandingReleaseFacts {
  readonly registries: readonly RegistryTarget[]
  /** Will this registry most likely want a login from strangers? */
  readonly wantsLogin: (registry: RegistryTarget) => boolean
  /** Where a chart is in the git repository. */
  readonly sourceOf: (made: Package) => {
    readonly tag: string
    readonly directory: string
  }
  readonly log: Log
}

/**
 * What the landing page tells of a package: where it is published to, and the
 * README that is in it. Never rejects: without a README, there is none.
 */
export async function describeRelease(
  { registries, wantsLogin, sourceOf, log }: LandingReleaseFacts,
  made: Package,
): Promise<Released> {
  const { name, version } = made
  const doors = planDoors(
    {
      registries,
      wantsLogin: (registry) => registry.private || wantsLogin(registry),
      releaseUrl: '',
    },
    { name, version },
  )
  return {
    name,
    version,
    ...sourceOf(made),
    registries: doors.map(({ target, reference, access }) => ({
      target,
      reference,
      login: access === 'credentials',
    })),
    readme: await readReadme(made).catch((thrown: unknown) => {
      log.debug(`The README of ${name} is not shown: ${messageOf(thrown)}`)
      return ''
    }),
    isSigned: made.provenance !== null,
  }
}

async function readReadme({ name, path }: Package): Promise<string> {
  const files = await readArchive(await readFile(path))
  const wanted = `${name}/readme.md`.toLowerCase()
  for (const [file, bytes] of files)
    if (file.toLowerCase() === wanted)
      // One character more shows that there is more.
      return new TextDecoder().decode(bytes).slice(0, LONGEST_README + 1)
  return ''
}
