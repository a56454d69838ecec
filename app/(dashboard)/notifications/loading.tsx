import { ListSkeleton } from "@/app/_components/list-skeleton";

export default function NotificationsSkeleton() {
  return <ListSkeleton lines={3} />;
}
