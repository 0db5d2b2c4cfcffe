/* samples.c - samples of a net's inputs from a file. */
#include "host/command/samples.h"

#include "host/data/csv.h"
#include "host/data/folder.h"
#include "host/data/idx.h"
#include "host/data/image.h"
#include "host/data/npy.h"
#include "host/data/wav.h"

typedef struct Reading {
    Table *table;
    const Session *session;
    const char *path;
    Fault *fault;
} Reading;

/* A source of the program's data for which `has` is true; NULL: none. */
static const dlc_source *find_source(const Reading *r, bool (*has)(const dlc_source *))
{
    const dlc_data *data = r->session->model->data;
    for (int s = 0; data != NULL && s < DLC_SPLITS; s++) {
        if (has(&data->split[s])) {
            return &data->split[s];
        }
    }
    return NULL;
}

static bool has_tokens(const dlc_source *source)
{
    return source->tokens != DLC_TOKENS_NONE;
}

static bool has_rate(const dlc_source *source)
{
    return source->rate > 0;
}

static bool read_csv(const Reading *r)
{
    const Places places = { r->session->options.data, r->session->model->source };
    const dlc_source *words = find_source(r, has_tokens);
    dlc_source plain = { .kind = DLC_SOURCE_CSV };
    if (words != NULL) {
        plain.tokens = words->tokens;
        plain.vocab = words->vocab;
        plain.pad_left = words->pad_left;
    }
    return dlc_csv_read(r->path, &plain, &places, r->table, r->fault);
}

static bool read_npz(const Reading *r)
{
    Table *table = r->table;
    for (int f = 0; f < table->n_fields; f++) {
        int64_t count = 0;
        table->column[f] = dlc_npz_array(r->path, table->field[f].name,
                                         &table->field[f], true, &count, r->fault);
        if (table->column[f] == NULL) {
            return false;
        }
        if (f > 0 && count != table->count) {
            return dlc_fault(r->fault, "%s has %lld samples of %s, but %lld of %s",
                             r->path, (long long)count, table->field[f].name,
                             (long long)table->count, table->field[0].name);
        }
        table->count = count;
    }
    return true;
}

static bool read_npy(const Reading *r)
{
    r->table->column[0] =
        dlc_npy_read(r->path, &r->table->field[0], true, &r->table->count, r->fault);
    return r->table->column[0] != NULL;
}

static bool read_idx(const Reading *r)
{
    r->table->column[0] =
        dlc_idx_read(r->path, &r->table->field[0], &r->table->count, r->fault);
    return r->table->column[0] != NULL;
}

static bool refuse_type(const Reading *r, const char *takes)
{
    char have[DLC_TYPE_SIZE];
    return dlc_fault(r->fault, "%s: fills an input %s, but %s is %s", r->path, takes,
                     r->table->field[0].name,
                     dlc_type_print(have, &r->table->field[0].type));
}

static bool read_image(const Reading *r)
{
    const dlc_type *type = &r->table->field[0].type;
    const int64_t channels = type->rank == 3 ? type->dim[2] : type->rank == 2;
    if (type->dtype != DLC_U8 || type->bound > 0 || (channels != 1 && channels != 3)) {
        return refuse_type(r, "u8[height, width, 3 or 1]");
    }
    r->table->count = 1;
    return dlc_table_reserve(r->table, 0, 1, r->fault) &&
           dlc_image_decode(r->path, &r->table->field[0], NULL, r->table->column[0],
                            r->fault);
}

static bool read_wav(const Reading *r)
{
    const dlc_type *type = &r->table->field[0].type;
    const dlc_source *source = find_source(r, has_rate);
    if (type->dtype != DLC_F32 || type->rank != 1) {
        return refuse_type(r, "f32[samples]");
    }
    if (source == NULL) {
        return dlc_fault(r->fault, "%s: at which rate? the program's data has no wav",
                         r->path);
    }
    r->table->count = 1;
    return dlc_table_reserve(r->table, 0, 1, r->fault) &&
           dlc_wav_decode(r->path, &r->table->field[0], source, r->table->column[0],
                          r->fault);
}

static const struct {
    const char *const endings[4];
    bool many; /* holds several inputs */
    bool (*read)(const Reading *r);
} kinds[] = {
    { { ".csv", ".csv.gz" }, true, read_csv },
    { { ".npz" }, true, read_npz },
    { { ".npy" }, false, read_npy },
    { { ".png", ".jpg", ".jpeg" }, false, read_image },
    { { ".wav" }, false, read_wav },
};

bool dlc_samples_read(Table *table, const Session *session, const dlc_net *net,
                      const char *path, Fault *fault)
{
    const Reading r = { table, session, path, fault };
    size_t i = 0;
    const size_t n = sizeof kinds / sizeof kinds[0];
    if (!dlc_table_init(table, net->n_inputs, net->input, fault)) {
        return false;
    }
    while (i < n && !dlc_has_ending(path, kinds[i].endings)) {
        i++;
    }
    if (net->n_inputs != 1 && (i == n || !kinds[i].many)) {
        dlc_fault(fault, "%s: net %s has %d inputs, this format holds one", path,
                  net->name, net->n_inputs);
        return dlc_fault_help(fault,
                              "give a .csv whose columns are all inputs in order");
    }
    return i < n ? kinds[i].read(&r) : read_idx(&r);
}
