import { expect, test } from '@jest/globals'
import { planDoors } from '../../src/release-notes/doors.ts'

const registries = [
  { host: 'quay.io', path: 'acme', optional: true, private: false },
  { host: 'ghcr.io', path: 'acme/charts', optional: false, private: true },
  { host: 'r.example:5000', path: '', optional: false, private: false },
]
const releaseUrl = 'https://github.com/acme/charts/releases/tag/v1'

test('the doors are where the channels publish, those that may fail last', () => {
  const plan = {
    registries,
    releaseUrl,
    wantsLogin: ({ host }: { readonly host: string }) => host === 'ghcr.io',
    pagesUrl: 'https://acme.github.io/charts',
    assetUrl: (fileName: string) => `https://assets/${fileName}`,
  }
  const wanted = { name: 'demo', version: '1.2.3+build' }
  expect(planDoors(plan, wanted)).toEqual([
    {
      channel: 'oci',
      target: 'oci://ghcr.io/acme/charts/demo',
      reference: 'ghcr.io/acme/charts/demo:1.2.3_build',
      access: 'credentials',
    },
    {
      channel: 'oci',
      target: 'oci://r.example:5000/demo',
      reference: 'r.example:5000/demo:1.2.3_build',
    },
    {
      channel: 'oci',
      target: 'oci://quay.io/acme/demo',
      reference: 'quay.io/acme/demo:1.2.3_build',
    },
    {
      channel: 'pages',
      target: 'https://acme.github.io/charts/index.yaml',
      reference: 'https://assets/demo-1.2.3+build.tgz',
    },
    {
      channel: 'github-release',
      target: releaseUrl,
      reference: 'https://assets/demo-1.2.3+build.tgz',
    },
  ])
})

test('what is not published, or not for strangers, is no door', () => {
  const wanted = { name: 'demo', version: '1.2.3' }
  expect(
    planDoors({ registries: [], releaseUrl, wantsLogin: () => false }, wanted),
  ).toEqual([])
})
