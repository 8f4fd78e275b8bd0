/* The API's document, linked into the program as it stands in openapi.json. */
    .section .rodata
    .global sealift_api_document_begin
    .global sealift_api_document_end
    .balign 16
sealift_api_document_begin:
    .incbin SEALIFT_API_DOCUMENT
sealift_api_document_end:
    .byte 0
    .section .note.GNU-stack,"",%progbits
