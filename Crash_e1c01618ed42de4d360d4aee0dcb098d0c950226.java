import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;

public class Crash_e1c01618ed42de4d360d4aee0dcb098d0c950226 {
    static final String base64Bytes = String.join("", "LDk0NTU1MTExODUxNTk=");

    public static void main(String[] args) throws Throwable {
        Crash_e1c01618ed42de4d360d4aee0dcb098d0c950226.class.getClassLoader().setDefaultAssertionStatus(true);
        try {
            Method fuzzerInitialize = konce.fuzz.Fuzzer.class.getMethod("fuzzerInitialize");
            fuzzerInitialize.invoke(null);
        } catch (NoSuchMethodException ignored) {
            try {
                Method fuzzerInitialize = konce.fuzz.Fuzzer.class.getMethod("fuzzerInitialize", String[].class);
                fuzzerInitialize.invoke(null, (Object) args);
            } catch (NoSuchMethodException ignored1) {
            } catch (IllegalAccessException | InvocationTargetException e) {
                e.printStackTrace();
                System.exit(1);
            }
        } catch (IllegalAccessException | InvocationTargetException e) {
            e.printStackTrace();
            System.exit(1);
        }
        byte[] input = java.util.Base64.getDecoder().decode(base64Bytes);
        konce.fuzz.Fuzzer.fuzzerTestOneInput(input);
    }
}
