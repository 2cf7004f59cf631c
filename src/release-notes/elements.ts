/** Elements that would go on in what is written behind them. */
const spanning =
  /<(\/?)(details|pre|table|ul|ol|dl|blockquote|div|center|h[1-6]|sub|sup|b|strong|i|em|u|s|del|ins|code|kbd|a)(?:\s[^<>]*)?>/gi

/** No text of people is nested deeper. */
const DEEPEST = 100

/** Follows which of them are open, as a browser would. */
export function trackElements(markup: string, elements: string[]): void {
  for (const [, slash, tag = ''] of markup.matchAll(spanning)) {
    const name = tag.toLowerCase()
    if (slash === '') {
      if (elements.length < DEEPEST) elements.push(name)
    } else if (elements.includes(name))
      elements.splice(elements.lastIndexOf(name))
  }
}
