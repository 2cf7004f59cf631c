import { shellArgument } from '../report/escape.ts'
import { renderCommand } from './command.ts'
import { code, html, when, type Html } from './html.ts'
import { pullLines, type WaysFacts } from './ways.ts'

/** How to see that what was fetched is what was published. */
export function renderVerification(facts: WaysFacts, isSigned: boolean): Html {
  const { name, shown } = facts.chart
  const file = `${name}-${shown.version}.tgz`
  const pull = pullLines(facts)
  return html`${when(
    shown.digest,
    (digest) =>
      html`<p>
          Fetch the archive and compare its digest; the answer is
          ${code(`${file}: OK`)}.
        </p>
        ${renderCommand([...pull, `echo ${shellArgument(`${digest.slice('sha256:'.length)}  ${file}`)} | sha256sum --check`], `Copy the commands that verify ${name}`)}
        <p class="note">
          On macOS, write ${code('shasum -a 256 --check')} instead of
          ${code('sha256sum --check')}.
        </p>`,
  )}${when(
    shown.digest === null,
    () => html`<p>The index has no digest of this version to compare with.</p>`,
  )}${when(
    isSigned,
    () =>
      html`<p>
          This version is signed. With the publisher’s public key in your
          keyring, Helm checks who made it:
        </p>
        ${renderCommand([...pull.slice(0, -1), `${pull.at(-1) ?? ''} --verify`], `Copy the command that verifies the signature of ${name}`)}`,
  )}`
}
