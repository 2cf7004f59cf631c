import type { ReleaseError } from '../errors.ts'
import type { PublicationReceipt, Receipt, Verification } from '../model.ts'
import type { InstallContext } from './install.ts'

/** A publication that a stranger cannot install, or not yet. */
export interface Attention {
  readonly name: string
  readonly version: string
  readonly publication: PublicationReceipt
  readonly verification: Exclude<
    Verification,
    { readonly verified: 'installable' }
  >
  /** The failure of the run that this is; absent: only a warning. */
  readonly failure?: ReleaseError
}

/** A warning about a package that strangers can get all the same. */
export interface Remark {
  readonly name: string
  readonly version: string
  readonly words: string
}

/** How a run ended. */
export interface Outcome {
  readonly receipts: readonly Receipt[]
  /** Charts that the tag left out, with the reason. */
  readonly leftOut: readonly {
    readonly name: string
    readonly reason: string
  }[]
  readonly failures: readonly ReleaseError[]
  /** What needs a hand, or a later look. */
  readonly attention: readonly Attention[]
  /** What else there is to know of a chart's package. */
  readonly remarks: readonly Remark[]
  readonly context: InstallContext
}

/** The failures that no chart's section tells together with a remedy. */
export function otherFailures({
  failures,
  attention,
}: Outcome): readonly ReleaseError[] {
  const told = new Set(attention.map(({ failure }) => failure))
  return failures.filter((failure) => !told.has(failure))
}

/** The end of a run that failed before it had anything to tell. */
export function nothingReleased(failures: readonly ReleaseError[]): Outcome {
  return {
    receipts: [],
    leftOut: [],
    failures,
    attention: [],
    remarks: [],
    context: {
      repositoryName: '',
      libraries: new Set(),
      privateRegistries: new Set(),
    },
  }
}
