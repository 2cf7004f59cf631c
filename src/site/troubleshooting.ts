import { shellArgument } from '../report/escape.ts'
import { code, html, type Html } from './html.ts'
import type { KnownRegistry } from './memory.ts'

export interface TroubleFacts {
  /** Of a chart that stands for all. */
  readonly name: string
  readonly version: string
  /** Libraries are fetched, not installed. */
  readonly isLibrary: boolean
  /** One that has it; absent: it is not known to be in one. */
  readonly registry: KnownRegistry | undefined
  readonly baseUrl: string
  readonly repositoryName: string
}

interface Trouble {
  /** What people see. */
  readonly sign: Html
  readonly help: Html
}

/** What users of charts really meet, and what to do about it. */
export function renderTroubleshooting(facts: TroubleFacts): Html {
  return html`${[
    ...inRegistries(facts),
    ...inVersions(facts),
    ...inRepositories(facts),
    ...onTheWay(),
  ].map(
    ({ sign, help }) =>
      html`<details class="trouble">
        <summary>${sign}</summary>
        ${help}
      </details> `,
  )}`
}

function inRegistries({ registry }: TroubleFacts): readonly Trouble[] {
  if (registry === undefined) return []
  const host = registry.reference.split('/')[0] ?? ''
  return [
    {
      sign: html`${code('401 Unauthorized')} or ${code('403 Forbidden')}
      (${code('denied')}) from ${host}`,
      help: registry.login ? wantsLogin(host) : wantsNone(host),
    },
    {
      sign: html`${code('unknown scheme')},
      ${code('could not find protocol handler for: oci')} or
      ${code('this feature has been marked as experimental')}`,
      help: html`<p>
        Your Helm is older than 3.8, the first that installs from registries.
        ${code('helm version --short')} tells. Update it, or use the Helm
        repository, which works with every Helm 3.
      </p>`,
    },
  ]
}

function wantsLogin(host: string): Html {
  return html`<p>
    The charts in this registry are not for everybody. Log in with
    ${code(`helm registry login ${shellArgument(host)}`)}; the maintainers know
    who may.
  </p>`
}

function wantsNone(host: string): Html {
  const logout = [
    `helm registry logout ${shellArgument(host)}`,
    `docker logout ${shellArgument(host)}`,
  ]
  return html`<p>
      Charts here need no login. An old one is often the reason: ${host} refuses
      an expired token even where everybody may read. Helm uses its own logins
      and those of Docker, so leave both:
    </p>
    <pre><code>${logout.join('\n')}</code></pre>
    <p>
      If it still says so, the name is misspelt or the package is not public:
      the registry gives the same answer to both. Compare the address with the
      one above, then tell the maintainers.
    </p>`
}

function inVersions({
  name,
  version,
  isLibrary,
}: TroubleFacts): readonly Trouble[] {
  return [
    {
      sign: html`${code('invalid version constraint: "latest"')} or
      ${code('improper constraint: latest')}`,
      help: html`<p>
        Helm has no version called “latest”. Leave ${code('--version')} out, and
        you get the newest stable one.
      </p>`,
    },
    {
      sign: html`${code(`v${version}: not found`)}, with a ${code('v')} before
      the version`,
      help: html`<p>
        Versions of charts have no ${code('v')} in front. Write
        ${code(`--version ${version}`)}; a range works as well:
        ${code('--version ">=1.0.0 <2.0.0"')}. Behind ${code('>=')} or
        ${code('^')}, Helm leaves pre-releases out unless ${code('--devel')} is
        given.
      </p>`,
    },
    {
      sign: html`${code('chart requires kubeVersion: … which is incompatible with Kubernetes …')}`,
      help: html`<p>
        This version of the chart does not accept your cluster. The column
        “Kubernetes” of the table of versions tells which one does; ask for it
        with ${code('--version')}.
      </p>`,
    },
    ...(isLibrary ? [] : [inUse(name)]),
  ]
}

function inUse(name: string): Trouble {
  return {
    sign: html`${code('cannot re-use a name that is still in use')}`,
    help: html`<p>
      It is installed already. To bring it up to date, write
      ${code(`helm upgrade ${name} …`)} instead of
      ${code(`helm install ${name} …`)}.
    </p>`,
  }
}

function inRepositories({
  baseUrl,
  repositoryName,
}: TroubleFacts): readonly Trouble[] {
  return [
    {
      sign: html`${code('… is not a valid chart repository or cannot be reached')}
      … ${code('404 Not Found')}`,
      help: html`<p>
        The address must be the one of this page, without a file at its end:
        ${code(baseUrl)}. Open
        <a href="${`${baseUrl}/index.yaml`}">its index.yaml</a> in a browser: if
        that works, look at the spelling, at a proxy in between, and at what
        ${code('helm repo list')} says of ${code(repositoryName)}.
      </p>`,
    },
    {
      sign: html`${code('chart … version … not found')} in the repository,
      though it is listed here`,
      help: html`<p>
        Helm keeps a copy of the index.
        ${code(`helm repo update ${repositoryName}`)} fetches the new one. A
        version that is only minutes old may take ten more until every cache has
        it.
      </p>`,
    },
  ]
}

function onTheWay(): readonly Trouble[] {
  return [
    {
      sign: html`${code('i/o timeout')}, ${code('proxyconnect tcp')} or
      ${code('x509: certificate signed by unknown authority')}`,
      help: html`<p>
        Something stands between you and the server, as in many company
        networks. Helm takes the proxy from ${code('HTTPS_PROXY')} and
        exceptions from ${code('NO_PROXY')}. Where the proxy has a certificate
        of its own, give it to Helm with ${code('--ca-file')};
        ${code('--insecure-skip-tls-verify')} would accept anybody’s.
      </p>`,
    },
  ]
}
