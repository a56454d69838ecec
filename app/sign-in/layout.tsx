export { AppProviders as default } from "@/app/_components/app-providers";
