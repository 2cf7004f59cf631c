import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import path from 'node:path'
import { run, works } from './run.mjs'
import { say } from './say.mjs'

/** Is this a Debian or Ubuntu? */
export function hasApt() {
  return works('apt-get')
}

/** How to become root without being asked: `undefined`, where that cannot be. */
export function rootCommand() {
  if (process.getuid?.() === 0) return []
  try {
    run('sudo', ['-n', 'true'], { stdio: 'ignore' })
    return ['sudo', '-n']
  } catch {
    return undefined
  }
}

/** Installs these packages on this machine. */
export function install(packages, asRoot) {
  say(`apt-get install ${packages.join(' ')}`)
  const apt = (...args) => {
    // sudo drops the environment: the variable goes into the command.
    const [program, ...rest] = [
      ...asRoot,
      'env',
      'DEBIAN_FRONTEND=noninteractive',
      'apt-get',
      '-qq',
      ...args,
    ]
    run(program, rest)
  }
  apt('update')
  apt('install', '-y', '--no-install-recommends', ...packages)
}

/**
 * Unpacks these packages, without what they depend on, into a folder. Changes
 * nothing on this machine, and needs no root: apt's lists are fetched too.
 */
export function unpack(packages, folder) {
  say(`unpacking ${packages.join(' ')} into ${folder}`)
  const lists = path.join(folder, 'apt')
  const archives = path.join(folder, 'archives')
  for (const one of ['state/lists/partial', 'cache/archives/partial'])
    mkdirSync(path.join(lists, one), { recursive: true })
  mkdirSync(archives, { recursive: true })
  const apt = (...args) =>
    run(
      'apt-get',
      [
        '-qq',
        '-o',
        `Dir::State=${lists}/state`,
        '-o',
        'Dir::State::status=/var/lib/dpkg/status',
        '-o',
        `Dir::Cache=${lists}/cache`,
        // Root's apt would drop its rights, and then may not write here.
        '-o',
        'APT::Sandbox::User=',
        ...args,
      ],
      { cwd: archives },
    )
  apt('update')
  apt('download', ...packages)
  for (const file of readdirSync(archives))
    run('dpkg-deb', ['-x', path.join(archives, file), folder])
  for (const one of [lists, archives]) rmSync(one, { recursive: true })
}
