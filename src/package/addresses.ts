import { lookup } from 'node:dns/promises'
import { BlockList, isIP } from 'node:net'
import { ReleaseError } from '../errors.ts'
import type { NamedDependency } from './dependencies.ts'

/** Every address of a host; rejects when its name cannot be resolved. */
export type Resolve = (host: string) => Promise<readonly string[]>

/**
 * RFC 3927 and 4291. No chart repository is there, but what a cloud tells its
 * machines: their credentials.
 */
const linkLocal = listOf(['169.254.0.0/16', 'fe80::/10'])

/** What only this machine and its network can reach: RFC 6890. */
const internal = listOf([
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '::/127',
  '64:ff9b::/96',
  'fc00::/7',
])

const byName: Resolve = async (host) =>
  (await lookup(host, { all: true })).map(({ address }) => address)

/**
 * Throws `DEPENDENCY_FAILED` for a dependency at a link-local address; and at
 * any address that is not public when the chart may be a stranger's, who could
 * otherwise look around in the network of the runner. A name that cannot be
 * resolved is left to Helm.
 */
export async function checkAddresses(
  dependencies: readonly NamedDependency[],
  {
    fromStranger,
    resolve = byName,
  }: { readonly fromStranger: boolean; readonly resolve?: Resolve },
): Promise<void> {
  for (const { name, repository } of dependencies) {
    const [, rest] = /^(?:https?|oci):(.*)$/is.exec(repository) ?? []
    if (rest === undefined) continue
    const fail = (why: string): ReleaseError =>
      new ReleaseError(
        'DEPENDENCY_FAILED',
        `The dependency ${name} is at ${repository}, and ${why}. Nothing was fetched. Name a repository that everybody can reach.`,
      )
    // Of a scheme that it knows, the parser spells out 0x7f.1, too.
    if (!URL.canParse(`http:${rest}`)) throw fail('that is no address')
    const host = new URL(`http:${rest}`).hostname.replaceAll(/^\[|\]$/g, '')
    const addresses =
      isIP(host) === 0 ? await resolve(host).catch(() => []) : [host]
    if (addresses.some((one) => holds(linkLocal, one)))
      throw fail(`${host} is a link-local address`)
    if (fromStranger && addresses.some((one) => holds(internal, one)))
      throw fail(
        `${host} is not a public address, which a chart that may be a fork's must not make the runner visit`,
      )
  }
}

function holds(list: BlockList, address: string): boolean {
  // A mapped address (::ffff:10.0.0.1) counts as the one that it maps.
  return list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')
}

function listOf(subnets: readonly string[]): BlockList {
  const list = new BlockList()
  for (const subnet of subnets) {
    const [address = '', prefix] = subnet.split('/')
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4'
    list.addSubnet(address, Number(prefix), family)
  }
  return list
}
