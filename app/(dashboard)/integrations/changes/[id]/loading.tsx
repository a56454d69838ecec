export { FormSkeleton as default } from "@/app/_components/form-skeleton";
