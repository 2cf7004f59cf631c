import { readFile } from 'node:fs/promises'
import { type RunEvent, readEvent } from './event.ts'
import { type Inputs, readInputs, secretsOf } from './inputs.ts'
import { chooseTag } from './tag.ts'
import type { World } from './world.ts'

/** What was asked of this run, in typed values. */
export interface Request {
  readonly inputs: Inputs
  readonly event: RunEvent
  /** The name of the tag to release; whether it exists is not known yet. */
  readonly tagName: string
}

/**
 * Reads the event and the inputs, once. Throws `INPUT_INVALID` and
 * `TAG_MISSING` before anything else happens.
 */
export async function readRequest({
  environment,
  log,
}: World): Promise<Request> {
  const event = await readEvent(
    environment,
    async (path) => await readFile(path, 'utf8'),
  )
  const inputs = readInputs(environment, {
    eventName: event.name,
    repository: `${event.owner}/${event.repo}`,
    visibility: event.visibility,
  })
  for (const secret of secretsOf(inputs)) log.mask(secret)
  for (const notice of inputs.notices) log.info(notice)
  const tagName = chooseTag(inputs.tag, event.tag)
  log.info(`${event.owner}/${event.repo}, ${event.name}, tag ${tagName}`)
  return { inputs, event, tagName }
}
