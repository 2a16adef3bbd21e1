/** Drawn by us on a 24 px grid, 1.5 px strokes. */
export const icons = {
  brand: '<path d="M4 3c0 7 8 6 8 13v5M20 3c0 4-2.5 6-5 8M12 3v4"/>',
  search: '<circle cx="11" cy="11" r="6.5"/><path d="m16 16 4.500 4.500"/>',
  today: '<path d="M4 20V10M10 20V4M16 20v-8M21 20H3"/>',
  network:
    '<circle cx="12" cy="5" r="2.2"/><circle cx="5" cy="18.5" r="2.2"/><circle cx="19" cy="18.5" r="2.2"/><circle cx="12" cy="18.5" r="2.2"/><path d="M12 7.2v9.1M12 11.5H7a2 2 0 0 0-2 2v2.8M12 11.5h5a2 2 0 0 1 2 2v2.8"/>',
  coins: '<circle cx="9" cy="9" r="5.5"/><path d="M14.6 9.8A5.5 5.5 0 1 1 9.8 17"/>',
  calendar: '<rect x="4" y="5" width="16" height="15" rx="2"/><path d="M4 10h16M8 3v4M16 3v4"/>',
  compare: '<path d="M4 8h13l-3-3M20 16H7l3 3"/>',
  x: '<path d="m6 6 12 12M18 6 6 18"/>',
  down: '<path d="m6 9 6 6 6-6"/>',
  download: '<path d="M12 4v11M8 11l4 4 4-4M5 19h14"/>',
  more: '<circle cx="5" cy="12" r=".9"/><circle cx="12" cy="12" r=".9"/><circle cx="19" cy="12" r=".9"/>',
  table:
    '<rect x="4" y="5" width="16" height="14" rx="1.5"/><path d="M4 10h16M4 14.5h16M10 10v9"/>',
  check: '<path d="m5 12.5 4.5 4.5L19 7.5"/>',
  sun: '<circle cx="12" cy="12" r="4"/><path d="M12 3v2M12 19v2M3 12h2M19 12h2M5.6 5.6 7 7M17 17l1.4 1.4M18.4 5.6 17 7M7 17l-1.4 1.4"/>',
  moon: '<path d="M20 14.2A8 8 0 0 1 9.8 4 8 8 0 1 0 20 14.2z"/>',
  critical:
    '<path d="M8.2 3h7.6L21 8.2v7.6L15.8 21H8.2L3 15.8V8.2z"/><path d="M12 8v5M12 16.2v.1"/>',
  alert: '<path d="M12 4 2.8 20h18.4zM12 10v4.5M12 17.2v.1"/>',
  watch: '<circle cx="12" cy="12" r="8.5"/><path d="M12 7.5V12l3 2"/>',
  user: '<circle cx="12" cy="8" r="3.8"/><path d="M4.5 20c1.2-3.6 4-5.2 7.5-5.2s6.3 1.6 7.5 5.2"/>',
  info: '<circle cx="12" cy="12" r="8.5"/><path d="M12 11v5.500M12 8v.1"/>',
  lock: '<rect x="5" y="11" width="14" height="9" rx="2"/><path d="M8 11V8a4 4 0 0 1 8 0v3"/>',
  home: '<path d="M4 11 12 4l8 7v9h-5.500v-5h-5v5H4z"/>',
  eye: '<path d="M2.500 12C5 7.500 8.300 5.500 12 5.500s7 2 9.500 6.500c-2.500 4.500-5.800 6.500-9.500 6.500S5 16.500 2.500 12z"/><circle cx="12" cy="12" r="3"/>',
  share: '<path d="M12 15V4M8 8l4-4 4 4M5 13v6h14v-6"/>',
  target:
    '<circle cx="12" cy="12" r="8.5"/><circle cx="12" cy="12" r="4.5"/><circle cx="12" cy="12" r=".8"/>',
  leave: '<path d="M14 4h5v16h-5M10 8l-4 4 4 4M6 12h9"/>',
  up: '<path d="m6 15 6-6 6 6"/>',
  right: '<path d="m9 6 6 6-6 6"/>',
  sales: '<path d="M4 18 9.500 12l4 3.500L20 7M15 7h5v5"/>',
  profit: '<path d="M4 4v16h16M8 8h5v3M13 11h4v5M17 16h3"/>',
  funnel: '<path d="M4 5h16l-6.500 7.500V19l-3-1.500v-5z"/>',
  box: '<path d="M12 3.500 20 8v8l-8 4.500L4 16V8zM4 8l8 4.500L20 8M12 12.500v8"/>',
  people:
    '<circle cx="9" cy="8.500" r="3.300"/><path d="M3 19c.8-3.300 3.200-4.800 6-4.800s5.200 1.500 6 4.800M15.500 5.600a3.200 3.200 0 0 1 0 5.800M17 14.600c2 .5 3.400 2 4 4.400"/>',
  filter: '<path d="M4 6h16M7 12h10M10 18h4"/>',
  plus: '<path d="M12 5v14M5 12h14"/>',
  shield:
    '<path d="M12 3.500 19 6v6c0 4-3 7-7 8.500C8 19 5 16 5 12V6z"/><path d="m8.800 12 2.300 2.300 4.300-4.500"/>',
  note: '<path d="M5 4h14v11l-5 5H5zM14 20v-5h5M8.500 9h7M8.500 12.500h4"/>',
  settings:
    '<circle cx="12" cy="12" r="3"/><path d="M12 3.5v2.5M12 18v2.5M3.5 12H6M18 12h2.500M6 6l1.800 1.800M16.200 16.200 18 18M18 6l-1.800 1.800M7.800 16.200 6 18"/>',
  bell: '<path d="M6 16.500V11a6 6 0 0 1 12 0v5.500l1.500 2h-15zM10 21h4"/>',
}
export type IconName = keyof typeof icons
