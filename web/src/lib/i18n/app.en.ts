import type { zh } from './app.zh.ts'

export const en: typeof zh = {
  name: 'Tributary business board',
  short_name: 'Tributary',
  description: 'Sales, commission and team, live and exact.',
  offline: 'There is no network',
  offline_why:
    'No number is kept here, so that you never read an old one. The page comes back by itself with the network.',
  last_data: (when) => `Data last came ${when}`,
  no_last_data: 'No data has come to this device yet.',
}
