import { ReleaseError } from '../errors.ts'

/** One archive of a Helm release. */
export interface HelmAsset {
  /** `helm-v4.2.4-linux-amd64.tar.gz` */
  readonly fileName: string
  /** Where the program lies inside: `linux-amd64/helm`. */
  readonly member: string
  readonly format: 'tar.gz' | 'zip'
}

const systems: Readonly<Record<string, string>> = {
  linux: 'linux',
  darwin: 'darwin',
  win32: 'windows',
}

/** Node's names of processors to Go's, for those that Helm is built for. */
const processors: Readonly<Record<string, string>> = {
  x64: 'amd64',
  arm64: 'arm64',
  arm: 'arm',
  ia32: '386',
  ppc64: 'ppc64le',
  s390x: 's390x',
  riscv64: 'riscv64',
  loong64: 'loong64',
}

/**
 * The archive of a Helm version (with its `v`) for a machine, named as on
 * https://get.helm.sh. Throws `HELM_UNAVAILABLE` where Helm has none.
 */
export function helmAsset(
  version: string,
  machine: { readonly platform: string; readonly arch: string },
): HelmAsset {
  const system = systems[machine.platform]
  const processor = processors[machine.arch]
  if (system === undefined || processor === undefined)
    throw new ReleaseError(
      'HELM_UNAVAILABLE',
      `Helm is not built for ${machine.platform}-${machine.arch}. Install it in an earlier step and set "helm-version: installed".`,
    )
  const windows = system === 'windows'
  const format = windows ? 'zip' : 'tar.gz'
  return {
    fileName: `helm-${version}-${system}-${processor}.${format}`,
    member: `${system}-${processor}/${windows ? 'helm.exe' : 'helm'}`,
    format,
  }
}
