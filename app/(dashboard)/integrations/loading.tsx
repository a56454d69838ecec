export { IntegrationsSkeleton as default } from "@/app/(dashboard)/integrations/_components/integrations-skeleton";
