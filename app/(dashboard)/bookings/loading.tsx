import { ListSkeleton } from "@/app/_components/list-skeleton";

export default function BookingsSkeleton() {
  return <ListSkeleton lines={5} />;
}
