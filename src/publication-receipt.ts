import type { Channel } from './channels/channel.ts'
import type { Publication, PublicationReceipt, Status } from './model.ts'
import type { Action } from './plan.ts'

/** What came of one action. */
export interface Ending {
  /** What is there now; absent: nothing came of it. */
  readonly made?: Publication | undefined
  /** Why the channel failed. */
  readonly failed?: string | undefined
}

/** What the run did for one chart in one channel. */
export function publicationReceipt(
  channel: Channel,
  action: Action,
  { made, failed }: Ending,
): PublicationReceipt {
  const nowhere = {
    channel: channel.kind,
    target: channel.name,
    reference: '',
    digest: null,
  } as const
  const without = (status: Status, detail: string): PublicationReceipt => ({
    ...nowhere,
    status,
    verified: 'skipped',
    detail,
  })
  switch (action.kind) {
    case 'keep':
      return describe(action.found.publication, 'unchanged')
    case 'leave':
      return without('failed', action.reason)
    case 'conflict':
      return action.found === undefined
        ? without('conflict', 'not published: the version is taken elsewhere')
        : describe(action.found.publication, 'conflict')
    case 'publish':
      return made === undefined
        ? without('failed', failed ?? NOT_REACHED)
        : describe(made, 'published')
    case 'complete': {
      if (made === undefined) return without('failed', failed ?? NOT_REACHED)
      const added = action.adds.filter((what) => isThere(what, made))
      return {
        ...describe(made, 'unchanged'),
        ...(added.length === 0 ? {} : { detail: `added: ${added.join(', ')}` }),
      }
    }
  }
}

const NOT_REACHED = 'not reached: something before it failed'

/** A registry may refuse an alias, which is only a warning. */
function isThere(what: string, { aliases }: Publication): boolean {
  const alias = /^alias (.*)$/.exec(what)?.[1]
  return alias === undefined || aliases?.includes(alias) === true
}

function describe(
  { channel, target, reference, digest, aliases }: Publication,
  status: Status,
): PublicationReceipt {
  return {
    channel,
    target,
    reference,
    digest,
    ...(aliases === undefined ? {} : { aliases }),
    status,
    verified: 'skipped',
  }
}
