import path from 'node:path'
import type { PagesVerificationOptions } from '../../src/channels/pages-verification.ts'
import { createExec } from '../../src/exec.ts'
import type { GitHub } from '../../src/github/client.ts'
import { createPagesSite } from '../../src/github/pages-site.ts'
import { createStrangers } from '../../src/helm/stranger.ts'

/** For channels that are not asked to verify: without a Helm. */
export function nobodyComes(github: GitHub): PagesVerificationOptions {
  return {
    site: createPagesSite(github),
    strangers: createStrangers({
      path: path.resolve('no-helm'),
      exec: createExec({}),
      folder: path.resolve('no-folder'),
    }),
    timeoutSeconds: 0,
  }
}
