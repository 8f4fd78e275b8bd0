/* The name model, linked into the program as it stands in data/names/names.model. */
    .section .rodata
    .global sealift_names_model_begin
    .global sealift_names_model_end
    .balign 16
sealift_names_model_begin:
    .incbin SEALIFT_NAMES_MODEL
sealift_names_model_end:
    .byte 0
    .section .note.GNU-stack,"",%progbits
