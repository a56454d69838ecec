export type { WatchMessage } from "@/lib/providers/change-watcher";
export { readGoogleMessage } from "@/lib/providers/google/channel-message";
