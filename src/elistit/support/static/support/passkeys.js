// Says what happened when a passkey was not used, where the library would only write it to the console.
document.addEventListener('allauth.error', event => {
  const place = document.getElementById('passkey-trouble')
  if (!place) return
  event.preventDefault()
  const name = event.detail.exception && event.detail.exception.name
  place.textContent = name === 'NotAllowedError'
    ? 'The passkey was not used: the question of your browser was closed or ran out of time. Try again, or use another way.'
    : 'Your browser could not use a passkey at this address. Use another way in, or open the studio at its own domain or at localhost.'
  place.hidden = false
  place.scrollIntoView({ block: 'nearest' })
})
