import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { has, run } from './run.mjs'
import { say } from './say.mjs'

/** What the tests start, and the Debian or Ubuntu package that has it. */
const wanted = [
  { package: 'git', commands: ['git'] },
  { package: 'gnupg', commands: ['gpg'] },
  { package: 'docker-registry', commands: ['docker-registry', 'registry'] },
]

/**
 * Installs the system packages that are missing: with root or sudo for all,
 * else unpacked beside the project. Returns folders to be put on `PATH`.
 */
export function installSystemPackages(cache) {
  const unpacked = path.join(cache, 'system')
  const folders = ['usr/bin', 'usr/sbin'].map((one) => path.join(unpacked, one))
  const missing = wanted
    .filter(({ commands }) => !commands.some((one) => has(one)))
    .filter(
      ({ commands }) =>
        !commands.some((one) =>
          folders.some((folder) => existsSync(path.join(folder, one))),
        ),
    )
    .map((one) => one.package)
  if (missing.length === 0) return folders
  if (!has('apt-get'))
    throw new Error(
      `${missing.join(', ')} must be on PATH, and this is no Debian or Ubuntu: install them by hand (docker-registry is the CNCF Distribution, "registry").`,
    )
  const sudo = asRoot()
  if (sudo === undefined) unpack(missing, unpacked)
  else {
    say(`apt-get install ${missing.join(' ')}`)
    const apt = (...args) => {
      const [program, ...rest] = [...sudo, 'apt-get', ...args]
      run(program, rest, {
        env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      })
    }
    apt('update', '-qq')
    apt('install', '-y', '-qq', '--no-install-recommends', ...missing)
  }
  return folders
}

/** What goes before a command to run it as root; `undefined`: cannot be had. */
function asRoot() {
  if (process.getuid?.() === 0) return []
  try {
    execFileSync('sudo', ['-n', 'true'], { stdio: 'ignore' })
    return ['sudo', '-n']
  } catch {
    return undefined
  }
}

function unpack(packages, folder) {
  say(`no root: unpacking ${packages.join(' ')} into ${folder}`)
  mkdirSync(folder, { recursive: true })
  run('apt-get', ['download', ...packages], { cwd: folder })
  for (const file of readdirSync(folder).filter((one) => one.endsWith('.deb')))
    run('dpkg-deb', ['-x', file, '.'], { cwd: folder })
}
