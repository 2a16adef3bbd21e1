declare global {
  interface Window {
    /** How long each task took that kept the reader waiting, in milliseconds. */
    long_tasks?: number[]
  }
}

/** A browser calls a task long from 50 ms on. As many as an hour of one each second. */
export function watchTasks() {
  const LIMIT = 3_600
  const tasks: number[] = []
  window.long_tasks = tasks
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) if (tasks.length < LIMIT) tasks.push(duration)
  }).observe({ type: 'longtask', buffered: true })
}

export function readTasks(): number[] {
  return window.long_tasks ?? []
}
