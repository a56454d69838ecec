export { default } from "@/app/book/layout";
