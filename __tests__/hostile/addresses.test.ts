import { describe, expect, test } from '@jest/globals'
import { checkAddresses, type Resolve } from '../../src/package/addresses.ts'

const names: Readonly<Record<string, readonly string[]>> = {
  'charts.example': ['93.184.216.34', '2606:2800:220:1::1'],
  'intranet.example': ['10.1.2.3'],
  'both.example': ['93.184.216.34', '192.168.1.1'],
  'metadata.example': ['169.254.169.254'],
  'six.example': ['fe80::1'],
}
const resolve: Resolve = async (host) =>
  await (names[host] === undefined
    ? Promise.reject(new Error(`ENOTFOUND ${host}`))
    : Promise.resolve(names[host]))

async function check(repository: string, fromStranger: boolean): Promise<void> {
  const dependency = { name: 'lib', repository }
  await checkAddresses([dependency], { fromStranger, resolve })
}

const refused = { code: 'DEPENDENCY_FAILED' }

describe('P11: a dependency is at no link-local address', () => {
  test.each([
    'http://169.254.169.254/latest',
    'HTTP://169.254.169.254',
    'http://169.254.43518/',
    'http://0xa9fea9fe/',
    'http://2852039166/',
    'http://me:pass@169.254.169.254:80/',
    'https://[fe80::1]/charts',
    'https://[::ffff:169.254.169.254]/',
    'oci://169.254.169.254/charts',
    'OCI://0xa9.0xfe.0xa9.0xfe/charts',
    'https://metadata.example/charts',
    'https://six.example/charts',
    'http://[fe80::1%25eth0]/',
  ])('%s', async (repository) => {
    for (const fromStranger of [true, false])
      await expect(check(repository, fromStranger)).rejects.toMatchObject(
        refused,
      )
  })
})

describe('P11: a fork’s dependency is at no address inside', () => {
  test.each([
    'http://127.0.0.1:8080',
    'http://127.1/',
    'http://0.0.0.0:2375',
    'http://10.0.0.1',
    'http://172.16.0.1',
    'http://192.168.0.1',
    'http://100.64.0.1',
    'http://[::1]:8080',
    'http://[::]/',
    'http://[fd00:ec2::254]/',
    'http://[::ffff:7f00:1]/',
    'http://[64:ff9b::a00:1]/',
    'oci://10.0.0.1/charts',
    'https://intranet.example/charts',
    'https://both.example/charts',
  ])('%s', async (repository) => {
    await expect(check(repository, true)).rejects.toMatchObject(refused)
    await expect(check(repository, false)).resolves.toBeUndefined()
  })

  test('localhost, as the machine itself resolves it', async () => {
    await expect(
      checkAddresses([{ name: 'lib', repository: 'http://localhost:1' }], {
        fromStranger: true,
      }),
    ).rejects.toMatchObject(refused)
  })
})

test.each([
  'https://charts.example/stable',
  'oci://charts.example/stable',
  'https://172.32.0.1',
  'https://unknown.example',
  '@stable',
  'alias:stable',
  'file://../lib',
  '',
])('%j is left to Helm', async (repository) => {
  for (const fromStranger of [true, false])
    await expect(check(repository, fromStranger)).resolves.toBeUndefined()
})
