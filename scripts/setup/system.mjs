import path from 'node:path'
import { hasApt, install, rootCommand, unpack } from './apt.mjs'
import { works } from './run.mjs'
import { say } from './say.mjs'

/**
 * What the tests start, and the Debian or Ubuntu packages that have it:
 * `install` for this machine, or `unpack` beside the project.
 */
const wanted = [
  { commands: ['git'], install: ['git'], unpack: ['git'] },
  {
    commands: ['gpg'],
    install: ['gnupg'],
    unpack: ['gpg', 'gpg-agent', 'gpgconf'],
  },
  // Never installed: that would start a registry for everyone on port 5000.
  { commands: ['docker-registry', 'registry'], unpack: ['docker-registry'] },
]

const browsers = ['chromium', 'chromium-browser', 'google-chrome']

/**
 * Gets a browser where there is none, for the tests of the landing page. Where
 * that cannot be, these are left out: it has too many parts to be unpacked.
 */
export function installBrowser() {
  if (browsers.some((one) => works(one))) return
  const asRoot = hasApt() ? rootCommand() : undefined
  try {
    if (asRoot !== undefined) install(['chromium'], asRoot)
  } catch (thrown) {
    say(thrown.message)
  }
  if (!browsers.some((one) => works(one)))
    say(`no ${browsers.join(' or ')}: tests that need a browser are left out`)
}

/**
 * Gets the system's programs that are missing. Returns folders to be put on
 * `PATH`; throws when one cannot be had.
 */
export function installSystemPackages(cache) {
  const unpacked = path.join(cache, 'system')
  const folders = ['usr/bin', 'usr/sbin'].map((one) => path.join(unpacked, one))
  const environment = {
    ...process.env,
    PATH: [process.env.PATH, ...folders].join(path.delimiter),
  }
  const missing = () =>
    wanted.filter(
      ({ commands }) => !commands.some((one) => works(one, environment)),
    )
  const before = missing()
  if (before.length === 0) return folders
  if (!hasApt())
    throw new Error(
      `${names(before)} must be on PATH, and this is no Debian or Ubuntu: install by hand (docker-registry is CNCF Distribution, https://github.com/distribution/distribution/releases).`,
    )
  const asRoot = rootCommand()
  const installs = asRoot === undefined ? [] : before.filter(isInstalled)
  const unpacks = before.filter((one) => !installs.includes(one))
  if (installs.length > 0)
    install(
      installs.flatMap((one) => one.install),
      asRoot,
    )
  if (unpacks.length > 0)
    unpack(
      unpacks.flatMap((one) => one.unpack),
      unpacked,
    )
  const after = missing()
  if (after.length > 0)
    throw new Error(
      `${names(after)} still does not start: install it by hand and put it on PATH.`,
    )
  return folders
}

function isInstalled(one) {
  return one.install !== undefined
}

function names(programs) {
  return programs.map(({ commands }) => commands.join(' or ')).join(', ')
}
