/** The words of the installed app and of the page without a network. */
export const zh = {
  name: 'Tributary 经营看板',
  short_name: '经营看板',
  description: '销售、佣金和团队，实时看、放心看。',
  offline: '现在没有网络',
  offline_why: '为了不让你看到过时的数字，这里什么数字都不存。连上网络后会自动回来。',
  last_data: (when: string) => `最后一次收到数据：${when}`,
  no_last_data: '这台设备上还没收到过数据。',
}
