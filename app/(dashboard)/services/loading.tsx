import { ListSkeleton } from "@/app/_components/list-skeleton";

export default function ServicesSkeleton() {
  return <ListSkeleton lines={3} />;
}
