import type { ReleaseError } from '../errors.ts'
import type { Receipt } from '../model.ts'
import type { InstallContext } from './install.ts'

/** How a run ended. */
export interface Outcome {
  readonly receipts: readonly Receipt[]
  /** Charts that the tag left out, with the reason. */
  readonly leftOut: readonly {
    readonly name: string
    readonly reason: string
  }[]
  readonly failures: readonly ReleaseError[]
  readonly context: InstallContext
}

/** The end of a run that failed before it had anything to tell. */
export function nothingReleased(failures: readonly ReleaseError[]): Outcome {
  return {
    receipts: [],
    leftOut: [],
    failures,
    context: {
      repositoryName: '',
      libraries: new Set(),
      privateRegistries: new Set(),
    },
  }
}
