import { parse } from 'semver'

/** https://semver.org/#does-semver-have-a-size-limit-on-the-version-string */
const LONGEST = 255

/**
 * Is this a version by SemVer 2.0.0, to the letter: no `v`, no spaces, three
 * numbers without leading zeros? https://semver.org/#is-there-a-suggested-regular-expression-regex-to-check-a-semver-string
 */
export function isStrictVersion(text: string): boolean {
  if (text.length > LONGEST) return false
  const found = parse(text)
  if (found === null) return false
  // The parser takes "v1.2.3" and " 1.2.3" too: only what reads back counts.
  const build = found.build.length === 0 ? '' : `+${found.build.join('.')}`
  return `${found.version}${build}` === text
}

/** Why this is no strict version, as the end of a sentence: `it has two parts, …`. */
export function explainVersion(text: string): string {
  if (text === '') return 'it is empty'
  if (text.length > LONGEST)
    return `it has ${text.length} characters, more than the ${LONGEST} that every SemVer parser takes`
  if (text !== text.trim()) return 'it has spaces around it'
  if (/^v\d/i.test(text)) return `it starts with "${text[0]}"`
  const { core, prerelease, build } = split(text)
  const parts = core.split('.')
  if (!/^\d+(?:\.\d+)*$/.test(core))
    return 'it does not start with three numbers and dots between them'
  if (parts.length !== 3)
    return `it has ${count(parts.length)} in front, not three`
  const padded = parts.find(isPadded)
  if (padded !== undefined) return `the number ${padded} has a leading zero`
  if (parts.some((part) => Number(part) > Number.MAX_SAFE_INTEGER))
    return 'one of its numbers is too large'
  const identifiers = [prerelease, build].flatMap((part) => part ?? [])
  if (identifiers.includes('')) return 'a part behind "-", "+" or "." is empty'
  const odd = identifiers.find((part) => !/^[0-9A-Za-z-]+$/.test(part))
  if (odd !== undefined)
    return `${JSON.stringify(odd)} has other characters than letters, digits and "-"`
  const number = prerelease?.find((part) => isPadded(part))
  if (number !== undefined)
    return `the number ${number} of its prerelease has a leading zero`
  return 'it is no version by https://semver.org'
}

/** The strict version that was probably meant, if there is one. */
export function suggestVersion(text: string): string | undefined {
  const { core, prerelease, build } = split(text.trim().replace(/^v/i, ''))
  const numbers = core.split('.').map((part) => part.replace(/^0+(?=\d)/, ''))
  if (numbers.length < 3)
    numbers.push(...Array<string>(3 - numbers.length).fill('0'))
  const rest =
    (prerelease === undefined ? '' : `-${prerelease.join('.')}`) +
    (build === undefined ? '' : `+${build.join('.')}`)
  const meant = numbers.join('.') + rest
  return isStrictVersion(meant) ? meant : undefined
}

interface Parts {
  readonly core: string
  readonly prerelease?: readonly string[]
  readonly build?: readonly string[]
}

function split(text: string): Parts {
  const plus = text.indexOf('+')
  const front = plus === -1 ? text : text.slice(0, plus)
  const dash = front.indexOf('-')
  return {
    core: dash === -1 ? front : front.slice(0, dash),
    ...(dash === -1 ? {} : { prerelease: front.slice(dash + 1).split('.') }),
    ...(plus === -1 ? {} : { build: text.slice(plus + 1).split('.') }),
  }
}

function isPadded(part: string): boolean {
  return /^0\d+$/.test(part)
}

function count(parts: number): string {
  const words = ['no numbers', 'one number', 'two numbers', 'three', 'four']
  return parts === 4 ? 'four numbers' : (words[parts] ?? `${parts} numbers`)
}
