import type { GitHub } from './github/client.ts'
import type { Request } from './request.ts'
import type { Resolved } from './resolve.ts'
import type { Retry } from './retry.ts'
import type { RunFolder } from './run-folder.ts'
import type { World } from './world.ts'

/** What is known when a release's tools are prepared. */
export interface ToolsOrder {
  readonly world: World
  readonly request: Request
  readonly folder: RunFolder
  readonly resolved: Resolved
  readonly github: GitHub
  readonly retry: Retry
}
