import { invalid, parseChoice, quote, type Setting } from './values.ts'

/** What an input that is not available yet may be set to. */
interface Upcoming {
  /** Values that ask for nothing: accepted without a word. */
  readonly off: readonly string[]
  /** What the default, which acts as off, means until then. */
  readonly notice?: string
}

/**
 * Inputs of the contract whose feature does not exist yet. Nothing is ignored
 * in silence: off is accepted, a default that would do something acts as off
 * with one line in the log, and anything else is refused.
 */
const upcoming: Readonly<Record<string, Upcoming>> = {
  'signing-key': { off: [''] },
  'signing-passphrase': { off: [''] },
  attest: { off: ['false'] },
}

const secret = new Set(['signing-key', 'signing-passphrase'])
const booleans = new Set(['attest'])

/**
 * Throws `INPUT_INVALID` for a setting that asks for what is not available yet.
 * Returns the lines for the log.
 */
export function checkUpcoming(
  setting: Setting,
  standard: string,
): readonly string[] {
  const { name } = setting
  const feature = upcoming[name]
  if (feature === undefined) return []
  const value = spellOut(setting)
  if (feature.off.includes(value)) return []
  if (value === standard && feature.notice !== undefined) {
    const shown = value === '' ? 'its default' : value
    return [`${name}: ${shown} is not available yet; ${feature.notice}.`]
  }
  const off = feature.off.map((one) => (one === '' ? 'nothing' : one))
  throw invalid(
    name,
    `${secret.has(name) ? 'this input' : quote(value)} is not available yet. Leave the input out, or set it to ${off.join(' or ')}.`,
  )
}

/** The names of these inputs. */
export const upcomingInputs: readonly string[] = Object.keys(upcoming)

function spellOut(setting: Setting): string {
  const { name, value } = setting
  return booleans.has(name) ? parseChoice(setting, ['true', 'false']) : value
}
