export { CalendarSkeleton as default } from "@/app/(dashboard)/calendar/_components/calendar-skeleton";
