/** One line about what is being set up. */
export function say(text) {
  console.error(`[set-up] ${text}`)
}
