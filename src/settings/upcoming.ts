import { invalid, parseChoice, quote, type Setting } from './values.ts'

/**
 * Inputs of the contract whose feature does not exist yet, with the value that
 * asks for nothing. Anything else is refused: nothing is ignored in silence.
 */
const upcoming: Readonly<Record<string, string>> = {
  'signing-key': '',
  'signing-passphrase': '',
  attest: 'false',
}

const secret = new Set(['signing-key', 'signing-passphrase'])
const booleans = new Set(['attest'])

/** Throws `INPUT_INVALID` for a setting that asks for what is not available yet. */
export function checkUpcoming(setting: Setting): void {
  const { name } = setting
  const off = upcoming[name]
  const value = spellOut(setting)
  if (off === undefined || value === off) return
  throw invalid(
    name,
    `${secret.has(name) ? 'this input' : quote(value)} is not available yet. Leave the input out, or set it to ${off === '' ? 'nothing' : off}.`,
  )
}

/** The names of these inputs. */
export const upcomingInputs: readonly string[] = Object.keys(upcoming)

function spellOut(setting: Setting): string {
  const { name, value } = setting
  return booleans.has(name) ? parseChoice(setting, ['true', 'false']) : value
}
