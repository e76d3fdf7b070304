/* Sizes of pictures: positive, or refused with the outputs untouched. */
#include "text/image.h"

#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    int width = -1, height = -1;
    if (image_size(fuzz_input(data, size), &width, &height))
        FUZZ_CHECK(width > 0 && height > 0);
    else
        FUZZ_CHECK(width == -1 && height == -1);
    return 0;
}
