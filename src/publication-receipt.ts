import type { Channel } from './channels/channel.ts'
import type { Publication, PublicationReceipt, Status } from './model.ts'
import type { Deed } from './plan.ts'

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
  action: Deed,
  { made, failed }: Ending,
): PublicationReceipt {
  switch (action.kind) {
    case 'keep':
      return describe(action.found.publication, 'unchanged')
    case 'leave':
      return without(channel, 'failed', action.reason)
    case 'conflict':
      return action.found === undefined
        ? without(
            channel,
            'conflict',
            'not published: the version is taken elsewhere',
          )
        : describe(action.found.publication, 'conflict')
    case 'publish':
      return made === undefined
        ? without(channel, 'failed', failed ?? NOT_REACHED)
        : made.proposedIn === undefined
          ? describe(made, 'published')
          : {
              ...describe(made, 'proposed'),
              detail: `waits in ${made.proposedIn}`,
            }
    case 'complete': {
      if (made === undefined)
        return without(channel, 'failed', failed ?? NOT_REACHED)
      const added = action.adds.filter((what) => isThere(what, made))
      return {
        ...describe(made, 'unchanged'),
        ...(added.length === 0 ? {} : { detail: `added: ${added.join(', ')}` }),
      }
    }
  }
}

/** What a run that may publish would do for one chart in one channel. */
export function plannedReceipt(
  channel: Channel,
  action: Deed,
): PublicationReceipt {
  switch (action.kind) {
    case 'publish':
      return without(channel, 'planned')
    case 'complete':
      return {
        ...describe(action.found.publication, 'planned'),
        detail: `would add: ${action.adds.join(', ')}`,
      }
    case 'leave':
      return without(channel, 'unknown', action.reason)
    case 'keep':
    case 'conflict':
      return publicationReceipt(channel, action, {})
  }
}

const NOT_REACHED = 'not reached: something before it failed'

/** A registry may refuse an alias, which is only a warning. */
function isThere(what: string, { aliases }: Publication): boolean {
  const alias = /^alias (.*)$/.exec(what)?.[1]
  return alias === undefined || aliases?.includes(alias) === true
}

/** Nothing of it is there. */
function without(
  { kind, name }: Channel,
  status: Status,
  detail?: string,
): PublicationReceipt {
  return {
    channel: kind,
    target: name,
    reference: '',
    digest: null,
    status,
    verified: 'skipped',
    ...(detail === undefined ? {} : { detail }),
  }
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
