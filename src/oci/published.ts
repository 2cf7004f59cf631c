import { ReleaseError } from '../errors.ts'
import type { Package, Publication } from '../model.ts'
import type { OciClient } from './client.ts'
import {
  chartOf,
  type ChartManifest,
  kindOf,
  type Manifest,
} from './manifest.ts'
import { referenceOf, type Repository } from './reference.ts'

/** Where one chart version is, or goes. */
export interface Place {
  readonly at: Repository
  readonly version: string
  readonly tag: string
}

/** A chart version that a registry has. */
export interface Published {
  readonly manifest: Manifest
  readonly chart: ChartManifest
}

/**
 * The chart under a version's tag. A tag that holds anything else is taken,
 * by content that no comparison can call the same: `VERSION_CONFLICT` (P5).
 */
export async function look(
  client: OciClient,
  { at, tag }: Place,
): Promise<Published | undefined> {
  const manifest = await client.getManifest(at, tag)
  if (manifest === undefined) return undefined
  const chart = chartOf(manifest)
  if (chart !== null) return { manifest, chart }
  throw new ReleaseError(
    'VERSION_CONFLICT',
    `${referenceOf(at, tag)} is taken by ${kindOf(manifest)} with the digest ${manifest.digest}. It was left alone; raise the chart's version, or publish charts below another path in the input registries (oci://…/charts).`,
  )
}

/** What the version's tag holds; throws `VERSION_CONFLICT` for other bytes. */
export async function lookForOurs(
  client: OciClient,
  place: Place,
  wanted: Package,
): Promise<Published | undefined> {
  const found = await look(client, place)
  if (found === undefined || found.chart.chart.digest === wanted.digest)
    return found
  throw new ReleaseError(
    'VERSION_CONFLICT',
    `${referenceOf(place.at, place.tag)} was published by something else meanwhile: it holds the package ${found.chart.chart.digest}, this run built ${wanted.digest}. Nothing was overwritten; raise the chart's version.`,
  )
}

/** The manifest of a publication that was located before, by its digest. */
export async function lookAgain(
  client: OciClient,
  place: Place,
  { digest }: Publication,
): Promise<Published> {
  const found = await look(client, {
    ...place,
    ...(digest === null ? {} : { tag: digest }),
  })
  if (found !== undefined) return found
  throw new ReleaseError(
    'REGISTRY_FAILED',
    `${referenceOf(place.at, digest ?? place.tag)} was there a moment ago and is gone. Run the job again.`,
  )
}
