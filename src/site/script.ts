/**
 * What the page does more with JavaScript: buttons that copy commands, and a
 * field that filters many charts. Text only: nothing that it reads from the page
 * ever becomes markup (P11).
 */
export const script = `'use strict'
const said = document.getElementById('said')
const say = (text) => {
  said.textContent = ''
  setTimeout(() => { said.textContent = text }, 50)
}
for (const command of document.querySelectorAll('[data-copy]')) {
  const button = document.createElement('button')
  button.type = 'button'
  button.textContent = 'Copy'
  button.setAttribute('aria-label', command.dataset.copy)
  button.addEventListener('click', async () => {
    const code = command.querySelector('code')
    try {
      await navigator.clipboard.writeText(code.textContent)
      button.textContent = 'Copied'
      say('Copied')
    } catch {
      getSelection().selectAllChildren(code)
      say('Selected: copy it with the keyboard')
    }
    setTimeout(() => { button.textContent = 'Copy' }, 2000)
  })
  command.prepend(button)
}
for (const list of document.querySelectorAll('[data-filter]')) {
  const items = [...list.children]
  if (items.length < 7) continue
  const label = document.createElement('label')
  label.className = 'filter'
  label.textContent = 'Filter '
  const field = document.createElement('input')
  field.type = 'search'
  field.autocomplete = 'off'
  field.spellcheck = false
  label.append(field)
  list.before(label)
  const texts = items.map((item) => item.textContent.toLowerCase())
  field.addEventListener('input', () => {
    const words = field.value.toLowerCase().split(/\\s+/)
    let shown = 0
    for (const [at, item] of items.entries()) {
      item.hidden = !words.every((word) => texts[at].includes(word))
      if (!item.hidden) shown += 1
    }
    say(shown + ' of ' + items.length + ' charts')
  })
}
for (const icon of document.querySelectorAll('.icon')) {
  const check = () => { if (icon.complete && icon.naturalWidth === 0) icon.remove() }
  icon.addEventListener('error', check)
  check()
}
const open = () => {
  let id = ''
  try { id = decodeURIComponent(location.hash.slice(1)) } catch {}
  const fold = id && document.getElementById(id)?.closest('details')
  if (fold) fold.open = true
}
addEventListener('hashchange', open)
open()
`
