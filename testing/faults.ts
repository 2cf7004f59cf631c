/** What goes wrong with a request. */
export type FaultEffect =
  /** Answered so, instead of by the server. */
  | {
      readonly kind: 'status'
      readonly status: number
      readonly headers?: Readonly<Record<string, string>>
      readonly body?: string | Buffer
    }
  /** The connection is reset, before or after the server acted. */
  | { readonly kind: 'reset'; readonly when: 'before' | 'after' }
  /** The server acts, and half of its answer arrives. */
  | { readonly kind: 'truncate' }
  /** No answer ever comes. */
  | { readonly kind: 'hang' }

export interface Fault {
  readonly method?: string | RegExp
  /** Of the path with its query. */
  readonly path: RegExp | ((path: string) => boolean)
  /** How many matching requests pass first. Default: 0. */
  readonly after?: number
  /** How many are struck then. Default: 1. */
  readonly times?: number
  readonly effect: FaultEffect
}

/** The faults of one door, each counting the requests that it fits. */
export interface FaultList {
  inject(fault: Fault): void
  clear(): void
  /** Counts this request and tells what strikes it, if anything does. */
  strike(method: string, path: string): FaultEffect | undefined
}

export function createFaultList(): FaultList {
  let faults: { readonly fault: Fault; seen: number }[] = []
  return {
    inject: (fault) => {
      faults.push({ fault, seen: 0 })
    },
    clear: () => {
      faults = []
    },
    strike: (method, path) => {
      let effect: FaultEffect | undefined
      for (const entry of faults) {
        const { fault } = entry
        if (!fitsMethod(fault.method, method) || !fitsPath(fault.path, path))
          continue
        entry.seen += 1
        const first = (fault.after ?? 0) + 1
        const last = first + (fault.times ?? 1) - 1
        if (entry.seen >= first && entry.seen <= last) effect ??= fault.effect
      }
      return effect
    },
  }
}

function fitsMethod(wanted: Fault['method'], method: string): boolean {
  if (wanted === undefined) return true
  return typeof wanted === 'string' ? wanted === method : fits(wanted, method)
}

function fitsPath(wanted: Fault['path'], path: string): boolean {
  return typeof wanted === 'function' ? wanted(path) : fits(wanted, path)
}

/** Unlike `test`, `search` gives a pattern with the flag `g` no memory. */
function fits(pattern: RegExp, text: string): boolean {
  return text.search(pattern) !== -1
}
