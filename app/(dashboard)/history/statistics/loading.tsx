export { HistorySkeleton as default } from "@/app/(dashboard)/history/_components/history-skeleton";
