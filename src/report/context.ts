import type { Request } from '../request.ts'
import type { Resolved } from '../resolve.ts'
import type { InstallContext } from './install.ts'

/** What install commands need to know of a run. */
export function outcomeContext(
  { inputs, event }: Request,
  { released }: Resolved,
): InstallContext {
  return {
    repositoryName: event.repo,
    libraries: new Set(
      released
        .filter(({ chart }) => chart.type === 'library')
        .map(({ chart }) => chart.name),
    ),
    privateRegistries: new Set(
      inputs.registries
        .filter((registry) => registry.private)
        .map(({ host, path }) => (path === '' ? host : `${host}/${path}`)),
    ),
  }
}
