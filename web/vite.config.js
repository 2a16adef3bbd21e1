import adapter from '@sveltejs/adapter-node'
import { sveltekit } from '@sveltejs/kit/vite'
import { defineConfig } from 'vite'

export default defineConfig({
  plugins: [
    sveltekit({
      adapter: adapter(),
      // A page is painted from its one answer: eleven small files of style would each be waited for first.
      inlineStyleThreshold: 64 * 1024,
      // adapter-node takes https for granted where no proxy says otherwise, so kit's own check of the
      // origin would refuse every form over plain http. src/lib/server/origin.ts checks in its place.
      csrf: { trustedOrigins: ['*'] },
      csp: {
        mode: 'nonce',
        directives: {
          'default-src': ['self'],
          'script-src': ['self'],
          'style-src': ['self'],
          // Server-rendered bars carry their width in a style attribute.
          'style-src-attr': ['unsafe-inline'],
          'img-src': ['self', 'data:'],
          'object-src': ['none'],
          'base-uri': ['self'],
          'form-action': ['self'],
          'frame-ancestors': ['none'],
        },
      },
    }),
  ],
  // Fonts stay files of their own, so that they can be preloaded and cached for good.
  build: { assetsInlineLimit: 0 },
})
