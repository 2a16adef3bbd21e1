import type { Lang } from '#lib/i18n/index.ts'
import type { Theme } from '#lib/server/preferences.ts'
import type { Timing } from '#lib/server/timing.ts'
import type { Instance, User } from '#lib/api/client.ts'
import type { Proof } from '#lib/proof.ts'
import type { Watermark } from '#lib/watermark.ts'

declare global {
  namespace App {
    interface Locals {
      lang: Lang
      theme: Theme | null
      session: string | null
      user: User | null
      /** Core-api could not be asked who this is. */
      is_core_down: boolean
      timing: Timing
    }
    interface PageData {
      lang: Lang
      theme: Theme | null
      user?: User
      instance?: Instance
      /** What was newest, and what time it was, when the server rendered the page. */
      watermark?: Watermark | null
      rendered_at?: string
      /** Whether the books agree, for those who are told. */
      proof?: Proof | null
      /** How much urgent work is open; null for those who do not work on it. */
      critical?: number | null
    }
    interface Error {
      /** Ties what the reader sees to the line in the log. */
      trace?: string
    }
  }
}
