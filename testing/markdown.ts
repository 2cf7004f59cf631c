/** A fenced block of Markdown, and the heading that it stands under. */
export interface Block {
  readonly heading: string
  readonly language: string
  readonly text: string
}

/** All of them, in their order. Fences inside lists count, without their indent. */
export function blocksOf(markdown: string): readonly Block[] {
  const blocks: Block[] = []
  let heading = ''
  for (const [
    ,
    title,
    indent = '',
    language = '',
    text = '',
  ] of markdown.matchAll(/^#{1,6} (.+)$|^( *)```(\w*)\n([\s\S]*?)^\2```$/gm)) {
    if (title === undefined)
      blocks.push({
        heading,
        language,
        text: text.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
      })
    else heading = title
  }
  return blocks
}
