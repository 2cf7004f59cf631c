import { ReleaseError } from '../errors.ts'
import { editBody, type Release } from '../github/release.ts'
import { planBody, tellOmissions } from './body-plan.ts'
import { composeBody, updateBody } from './release-body.ts'
import {
  mergePackages,
  readMarker,
  type ReleaseMarker,
  writeMarker,
} from './release-marker.ts'
import type { DraftOrder } from './draft.ts'

/** Of a new tag, runs of other commits must know when this one took it up. */
export function beginning({ github, tag }: DraftOrder): {
  readonly since?: string
} {
  return tag.isNew === true ? { since: github.clock.now().toISOString() } : {}
}

/** All of it at once: an immutable release shall be complete when it freezes. */
export async function writeBody(
  order: DraftOrder,
  releases: readonly Release[],
): Promise<string> {
  const { tag, text, packages, log } = order
  const { body, omitted } = composeBody({
    notes: (await text?.readNotes(releases)) ?? { text: '' },
    sections: packages.flatMap((made) => text?.installSection(made) ?? []),
    marker: {
      commit: tag.commit,
      packages: mergePackages([], packages),
      ...beginning(order),
    },
  })
  tellOmissions(omitted, tag, log)
  return body
}

/** The draft with our marker and commands; what people made of its text stays. */
export async function mark(
  { github, tag, text, packages, log }: DraftOrder,
  draft: Release,
  marker: ReleaseMarker,
): Promise<Release | null> {
  const before = readMarker(draft.body)
  const dropped = (before?.packages ?? [])
    .map(({ name }) => name)
    .filter((name) => !marker.packages.some((one) => one.name === name))
  const update = updateBody(
    draft.body,
    planBody({ before, marker, packages, dropped, text }),
  )
  if (update === null)
    throw new ReleaseError(
      'RELEASE_FAILED',
      `The text of the draft ${draft.html_url} is so long that the line by which this action knows its drafts does not fit in. Shorten it by ${writeMarker(marker).length + 2} characters.`,
    )
  tellOmissions(update.omitted, tag, log)
  if (update.body === (draft.body ?? '')) return draft
  return await editBody(github, draft.id, update.body)
}
