import type { zh } from './links.zh.ts'

export const en: typeof zh = {
  place: 'Promote',
  title: 'Promo links',
  tile: 'My promo code',
  period: 'last 30 days',
  none: 'No promo link yet. Make one and hand it out: visits and payments count as yours',
  all: 'All links',
  qr: (code) => `QR code of ${code}`,
  copy: 'Copy',
  copied: 'Copied',
  share: 'Share',
  download: 'Download QR code',
  steps: { visits: 'Visits', carted: 'Carts', ordered: 'Orders', paid: 'Paid', rate: 'Paid rate' },
  rate_of: 'Paid rate = visits of this period that went on to pay, of all its visits',
  list: {
    title: 'My links',
    in_use: 'in use',
    disabled: 'disabled',
    disable: 'Disable',
    enable: 'Use again',
    whole_channel: 'the whole shop',
  },
  create: {
    title: 'New link',
    name: 'Name',
    name_hint: 'Only you see it, for example “Poster in the shop”',
    channel: 'Channel',
    product: 'Product',
    submit: 'Make link',
    done: (code) => `${code} is ready`,
  },
  refused: {
    VIEW_AS_READ_ONLY: 'You are looking on, which changes nothing; end it to act',
    TOO_MANY_LINKS: '100 links are in use; disable one first',
    FORBIDDEN: 'This distributorship is not active, so it cannot make links',
    other: 'That did not work. Try again',
  },
  visitor: {
    invited: (name) => `${name} invites you`,
    no_shop: (channel) =>
      `The shop of “${channel}” has no address yet, so the link cannot take you there. Please ask whoever invited you.`,
    busy: 'Too many visits just now',
    busy_why: 'This was opened too often in the last minute. Wait a moment and try again.',
    unknown: 'This link does not work',
    unknown_why:
      'A letter may be mistyped, or the link is no longer in use. Please check with whoever gave it to you.',
  },
}
