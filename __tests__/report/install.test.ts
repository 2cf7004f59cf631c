import { describe, expect, test } from '@jest/globals'
import { renderInstallBlock } from '../../src/report/install-block.ts'
import { installCommands, shortestCommand } from '../../src/report/install.ts'
import {
  nothingIn,
  oci,
  openContext,
  pages,
  receiptOf,
  release,
} from '../../testing/receipts.ts'

const shuffled = receiptOf([release, pages, oci])

describe('the install commands', () => {
  test('come in the order OCI, Helm repository, direct download', () => {
    expect(installCommands(shuffled, openContext)).toEqual([
      {
        channel: 'oci',
        lines: [
          'helm install demo oci://ghcr.io/owner/repo/demo --version 1.2.3',
        ],
      },
      {
        channel: 'pages',
        lines: [
          'helm repo add repo https://owner.github.io/repo',
          'helm install demo repo/demo --version 1.2.3',
        ],
      },
      {
        channel: 'github-release',
        lines: [`helm install demo ${release.reference}`],
      },
    ])
  })

  test('offer a registry that wants a login last, and name it', () => {
    const commands = installCommands(shuffled, {
      ...openContext,
      privateRegistries: new Set(['ghcr.io/owner/repo']),
    })
    expect(commands.map(({ channel }) => channel)).toEqual([
      'pages',
      'github-release',
      'oci',
    ])
    expect(commands.at(-1)?.login).toBe('ghcr.io')
  })

  test('what took credentials comes last, and its asset not at all', () => {
    const closed = receiptOf(
      [oci, release, pages].map((one) =>
        Object.assign(
          {},
          one,
          one.channel === 'pages' ? {} : { access: 'credentials' as const },
        ),
      ),
    )
    const commands = installCommands(closed, openContext)
    expect(commands.map(({ channel, login }) => [channel, login])).toEqual([
      ['pages', undefined],
      ['oci', 'ghcr.io'],
    ])
    expect(shortestCommand(closed, openContext)).toMatch(/^helm repo add /)
    expect(
      shortestCommand(
        receiptOf([{ ...oci, access: 'credentials' }]),
        openContext,
      ),
    ).toBe('')
  })

  test('a private registry does not close one below its path', () => {
    const below = {
      ...oci,
      target: 'oci://ghcr.io/owner/repo/public/demo',
      reference: 'ghcr.io/owner/repo/public/demo:1.2.3',
    }
    const [command] = installCommands(receiptOf([below]), {
      ...openContext,
      privateRegistries: new Set(['ghcr.io/owner/repo']),
    })
    expect(command?.login).toBeUndefined()
  })

  test('a library chart is pulled, for it cannot be installed', () => {
    const commands = installCommands(shuffled, {
      ...openContext,
      libraries: new Set(['demo']),
    })
    expect(commands.flatMap(({ lines }) => lines)).toEqual([
      'helm pull oci://ghcr.io/owner/repo/demo --version 1.2.3',
      'helm repo add repo https://owner.github.io/repo',
      'helm pull repo/demo --version 1.2.3',
      `helm pull ${release.reference}`,
    ])
  })

  test('a channel that does not serve the version has none', () => {
    const receipt = receiptOf([
      nothingIn(oci, 'failed', 'it is down'),
      { ...pages, status: 'conflict' },
      release,
    ])
    expect(
      installCommands(receipt, openContext).map(({ channel }) => channel),
    ).toEqual(['github-release'])
  })
})

describe('the install block', () => {
  test('has a code block to copy for every way, in the order of the commands', () => {
    expect(renderInstallBlock(installCommands(shuffled, openContext))).toBe(
      [
        'From the OCI registry:',
        '```sh\nhelm install demo oci://ghcr.io/owner/repo/demo --version 1.2.3\n```',
        'From the Helm repository:',
        '```sh\nhelm repo add repo https://owner.github.io/repo\nhelm install demo repo/demo --version 1.2.3\n```',
        'By direct download:',
        `\`\`\`sh\nhelm install demo ${release.reference}\n\`\`\``,
      ].join('\n\n'),
    )
  })

  test('tells where to log in first', () => {
    const block = renderInstallBlock(
      installCommands(receiptOf([oci]), {
        ...openContext,
        privateRegistries: new Set(['ghcr.io/owner/repo']),
      }),
    )
    expect(block).toContain(
      'From the OCI registry, after <code>helm registry login ghcr.io</code>:',
    )
  })

  test('is empty without commands', () => {
    expect(renderInstallBlock([])).toBe('')
  })

  test('P11: a hostile name stays one argument in one code block', () => {
    const block = renderInstallBlock(
      installCommands(
        receiptOf([oci], { name: "a'; ```\n# x <b> $(id) `id`" }),
        openContext,
      ),
    )
    expect(block).toMatch(/^From the OCI registry:\n\n(`{4,})sh\n[^]*\n\1$/)
    expect(block).toContain(String.raw`helm install 'a'\''; `)
  })
})
