export { default, generateMetadata } from "@/app/book/not-found";
