//! Files in and files out: sniffing, blobs, text extraction
