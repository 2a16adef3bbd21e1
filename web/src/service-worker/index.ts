/**
 * Keeps what paints the page, and the page that says there is no network. Never a number, never a token:
 * an answer of the server is shown when it comes from the server, or not at all.
 */
import { version } from '$app/env'
import { self } from '$app/service-worker'

const CACHE = `shell-${version}`
const OFFLINE = '/offline'
/** Named by their content: what was once fetched is right for good. */
const IMMUTABLE = '/_app/immutable/'
const FILES_MAX = 400

self.addEventListener('install', (event) => {
  event.waitUntil(keepOfflinePage().then(() => self.skipWaiting()))
})

self.addEventListener('activate', (event) => {
  event.waitUntil(dropOldShells().then(() => self.clients.claim()))
})

self.addEventListener('fetch', (event) => {
  const { request } = event
  const url = new URL(request.url)
  if (request.method !== 'GET' || url.origin !== self.location.origin) return

  if (request.mode === 'navigate') event.respondWith(page(request, url))
  else if (url.pathname.startsWith(IMMUTABLE)) event.respondWith(shellFile(request))
})

/** The page with all that it needs to be painted, so that it stands without a network. */
async function keepOfflinePage() {
  const cache = await caches.open(CACHE)
  const response = await fetch(OFFLINE, { cache: 'reload' })
  if (!response.ok) throw new Error(`the offline page answered ${response.status}`)
  const html = await response.clone().text()
  const files = new Set(html.match(/\/_app\/immutable\/[\w./-]+\.(?:js|css|woff2)/g) ?? [])
  await Promise.all([cache.put(OFFLINE, response), cache.addAll([...files])])
}

async function dropOldShells() {
  const names = await caches.keys()
  await Promise.all(names.filter((name) => name !== CACHE).map((name) => caches.delete(name)))
}

async function page(request: Request, url: URL): Promise<Response> {
  try {
    return await fetch(request)
  } catch (cause) {
    const kept = await caches.match(OFFLINE)
    if (kept === undefined) throw cause
    // Under its own address, so that what the page was asked for is tried again, not the offline page.
    if (url.pathname === OFFLINE) return kept
    return Response.redirect(`${OFFLINE}?from=${encodeURIComponent(url.pathname + url.search)}`)
  }
}

async function shellFile(request: Request): Promise<Response> {
  const cache = await caches.open(CACHE)
  const kept = await cache.match(request)
  if (kept !== undefined) return kept

  const response = await fetch(request)
  if (response.ok && (await cache.keys()).length < FILES_MAX) {
    await cache.put(request, response.clone())
  }
  return response
}
