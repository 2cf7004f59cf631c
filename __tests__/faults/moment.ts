import type { Stage } from './stage.ts'

/** Does something once, as soon as the servers have done so many requests. */
export function afterRequest(
  { doors }: Stage,
  count: number,
  act: () => void,
): void {
  let seen = 0
  const acted = (): void => {
    seen += 1
    if (seen === count) act()
  }
  for (const door of Object.values(doors)) door.observe({ acted })
}
